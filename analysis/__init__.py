"""What people ask of results: targets met or missed, what differs and why, and taking them away."""
