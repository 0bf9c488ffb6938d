"""Measuring clinical competence over folders of cases with known answers: how urgent, which condition, which specialist."""
