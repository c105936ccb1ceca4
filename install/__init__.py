"""Installs what Hotline needs on a machine. Standard library only: it runs before anything else."""
