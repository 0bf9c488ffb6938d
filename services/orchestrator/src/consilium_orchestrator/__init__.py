"""The orchestrator: triage first, then who is asked, and what each of them may see."""
