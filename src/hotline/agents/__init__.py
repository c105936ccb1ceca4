"""Agents: who takes calls, on which device, and what each of them is doing."""
