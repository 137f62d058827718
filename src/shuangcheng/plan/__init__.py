"""Promises and what becomes of them: policies, the list 清单, progress, activities, joint bodies and meetings."""
