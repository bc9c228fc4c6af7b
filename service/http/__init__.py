"""Serve GraphQL over HTTP.

1. `server` binds the socket and runs `app` in one process or several.
2. `middleware` gives a request its id, checks its headers, and answers errors as JSON.
3. `router` reads the body (`request_json`) and answers GraphQL requests; `fast_path` answers a
   document that was asked before without parsing it again.
"""
