"""Serve GraphQL over HTTP.

1. `server` binds the socket and runs `app` in one process or several.
2. `middleware` gives a request its id, checks its headers, and answers errors as JSON;
   `compression` compresses responses.
3. `router` reads a GraphQL request (`graphql_request`) and writes its response
   (`graphql_response`); a document that was asked before is not parsed again (`fast_path`).
4. `schema_files` serves the schema as files; `conditional` recognises what a client has (ETag).
"""
