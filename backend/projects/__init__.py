"""Projects: a published need that both sides agree to carry out, with its money, milestones, result and asset."""
