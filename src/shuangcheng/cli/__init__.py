"""Subject-matter commands of shuangcheng (imports, exports); the node commands live in site."""
