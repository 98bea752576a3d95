/*
 * A weather station that was never built: prints one temperature for each hour of a year as CSV.
 *
 *     station YEAR
 *
 * The same year gives the same readings everywhere, so what is made of them can be tested.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Mean temperature of each month, in tenths of a degree Celsius. */
static const int monthly_mean[12] = {4, 12, 56, 101, 149, 178, 199, 194, 153, 104, 52, 17};
static const int days_of_month[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static int is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

/* A linear congruential generator with the constants of Numerical Recipes; gives -limit to limit. */
static int noise(uint32_t *state, int limit) {
  *state = *state * 1664525u + 1013904223u;
  return (int)((*state >> 8) % (uint32_t)(2 * limit + 1)) - limit;
}

/* Warmest at 15 o'clock, coldest at 3: a triangle is round enough for this. */
static int of_hour(int hour) {
  int from_noon = abs(hour - 15) > 12 ? 24 - abs(hour - 15) : abs(hour - 15);
  return 50 - from_noon * 100 / 12;
}

int main(int argc, char **argv) {
  int year = argc == 2 ? atoi(argv[1]) : 0;
  if (year < 1 || year > 9999) {
    fprintf(stderr, "usage: station YEAR\n");
    return 2;
  }
  uint32_t state = (uint32_t)year;
  puts("month,day,hour,celsius");
  for (int month = 0; month < 12; month++) {
    int days = days_of_month[month] + (month == 1 && is_leap(year));
    for (int day = 1; day <= days; day++) {
      int of_day = noise(&state, 40);
      for (int hour = 0; hour < 24; hour++) {
        int tenths = monthly_mean[month] + of_day + of_hour(hour) + noise(&state, 10);
        printf("%d,%d,%d,%s%d.%d\n", month + 1, day, hour, tenths < 0 ? "-" : "", abs(tenths) / 10, abs(tenths) % 10);
      }
    }
  }
  return 0;
}
