"""Pages of sections within the hub: registered below their own address, and never all threads for those of one section."""
