"""Cite: the words by which an author cites become offsets, hashes and locators.

1. `cite` reads a facts file and its source's text.
2. `cite_source` finds the words of each `find:`, and checks the passages that were cited before;
   `quotes` and `verbatim_sentences` refuse text that a facts file may not contain.
3. `record_keys` makes keys for records without one.
4. `cite` writes the edits and reports what moved.
"""
