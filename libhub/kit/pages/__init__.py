"""Pages that sections share: lists, the librarian's table, editors, imports. Here the kit knows the web, elsewhere not."""
