"""Local limits on detainer holds, when they were in force, and how often jails with one declined; nothing else."""
