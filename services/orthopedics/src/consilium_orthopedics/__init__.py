"""The orthopedics specialist."""
