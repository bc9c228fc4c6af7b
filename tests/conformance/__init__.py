"""Run the audits of the npm package ``graphql-http`` against the service (``make conformance``)."""
