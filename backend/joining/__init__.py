"""Joining: how parties come in, who vouches for them, whom they let in, and what they say of themselves."""
