import unittest

from summary import summarise


class Summarise(unittest.TestCase):
    def test_gives_extremes_and_mean_of_each_month(self):
        rows = [
            {"month": "1", "celsius": "-3.0"},
            {"month": "1", "celsius": "4.0"},
            {"month": "7", "celsius": "21.5"},
        ]
        self.assertEqual(
            summarise(rows),
            [
                {"month": "january", "readings": 2, "coldest": -3.0, "mean": 0.5, "warmest": 4.0},
                {"month": "july", "readings": 1, "coldest": 21.5, "mean": 21.5, "warmest": 21.5},
            ],
        )

    def test_orders_months_whatever_the_order_of_the_rows(self):
        rows = [{"month": month, "celsius": "1"} for month in ("12", "2", "10")]
        self.assertEqual([month["month"] for month in summarise(rows)], ["february", "october", "december"])

    def test_gives_nothing_for_nothing(self):
        self.assertEqual(summarise([]), [])


if __name__ == "__main__":
    unittest.main()
