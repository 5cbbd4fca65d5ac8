"""How a study ends or is stopped: destroyed with a certificate, or frozen after an incident."""
