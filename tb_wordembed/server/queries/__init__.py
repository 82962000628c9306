"""One function per HTTP route, in the module named like that of its request.

To add a route, write its request, response and ``Route`` in a module of ``contract/``,
and a function of the route's name in the module of the same name here.
"""
