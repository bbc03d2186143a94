"""For authors of sections: a new one from the scaffold, its texts, its migrations, and whether it keeps the contract.
Nothing that serves imports it.
"""
