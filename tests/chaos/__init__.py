"""Tests that break things: real processes, real signals, and counting afterwards. A package, so that fixtures last as long."""
