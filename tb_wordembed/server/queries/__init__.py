"""Answers the HTTP routes: a function for each, in the module named like its request's.

To add a route, write its request, response and ``Route`` in a module of ``contract/``,
and a function of the route's name in the module of the same name here.
"""
