"""From values to the text of a page: the page and its fragments, the shell around it, addresses, assets, drawings, filters of templates."""
