"""Cite: the words by which an author cites become offsets, hashes and locators.

1. `cite` reads a facts file and its source's text.
2. `cite_source` finds the words of each `find:`, checks the passages that were cited before, and
   makes keys for records without one; `quotes` refuses text that a facts file may not contain.
3. `cite` writes the edits and reports what moved.
"""
