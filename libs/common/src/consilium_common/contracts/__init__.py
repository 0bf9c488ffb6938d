"""What services promise each other: pydantic models and subjects, nothing that runs."""
