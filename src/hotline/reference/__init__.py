"""What is true of China for everybody: its places and its public holidays."""
