"""The rules of eMENSCR reporting: pure, without clock, database, LINE or Thai text."""
