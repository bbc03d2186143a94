"""Questions, and a folder of one's own."""

from libhub.api import instance_path, quizzes

reading = quizzes.gift.read("::Столица:: Столица России? {=Москва ~Омск}")
assert len(reading.questions) == 1
instance_path("board").mkdir(exist_ok=True)
assert instance_path("board").is_dir()
