"""Room `cases` 联办事项: joint procedures on a working-day clock."""
