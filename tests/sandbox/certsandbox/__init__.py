"""Counterparts of CertBridge for tests: a second implementation that shares no code with it."""
