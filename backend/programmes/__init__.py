"""The channels of assistance, who may help whom, and the policies of the matcher."""
