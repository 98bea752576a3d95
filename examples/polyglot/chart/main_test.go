package main

import (
	"strings"
	"testing"
)

func TestDrawsOneBarForEachMonth(t *testing.T) {
	svg := Draw([]Month{{"january", -5, 0, 5}, {"july", 12, 20, 31}})
	if got := strings.Count(svg, "<rect "); got != 2 {
		t.Errorf("%d bars for two months", got)
	}
}

func TestWarmerIsHigherUp(t *testing.T) {
	if y(30) >= y(-10) {
		t.Errorf("30 °C is drawn at %g, -10 °C at %g from the top", y(30), y(-10))
	}
}
