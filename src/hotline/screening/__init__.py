"""Who is not put through: screened numbers and blocked areas."""
