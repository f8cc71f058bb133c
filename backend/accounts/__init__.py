"""Users, roles and scopes: who somebody is, and which rows they may see."""
