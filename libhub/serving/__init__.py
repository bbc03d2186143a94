"""The processes of ``libhub serve``: the supervisor, workers that answer, and the one behind the scenes."""
