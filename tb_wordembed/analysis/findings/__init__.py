"""Findings: rules for what stands out in a series, and sentences that say it."""
