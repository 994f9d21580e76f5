"""Reads annotated faces: a CSV table, Pascal VOC XML, YOLO text files or COCO JSON."""
