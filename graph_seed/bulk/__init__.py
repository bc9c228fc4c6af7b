"""Loading files of any size: checked as they stream, written in batches; stopped, it goes on."""
