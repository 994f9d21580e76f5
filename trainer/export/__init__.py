"""The exported formats, their verification and the model card."""
