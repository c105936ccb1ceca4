"""The people of enterprises and of the operator: who they are and what they may do."""
