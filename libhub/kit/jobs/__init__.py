"""Long work of sections, done behind the scenes: started, seen, stopped, gone on with. One table for all of it.

A section declares what it can do (``register_jobs``) and starts it (``start_job``); the process that does it is the matter of
:mod:`libhub.serving`. ``work`` is what the function of the section gets, ``turns`` what becomes of a job meanwhile.
"""
