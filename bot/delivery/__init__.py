"""Sending what is queued: one ledger, and engines behind one small port."""
