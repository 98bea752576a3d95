// Command chart draws the summary of a year as an SVG on standard output.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// Month is one entry of summary.json.
type Month struct {
	Month   string  `json:"month"`
	Coldest float64 `json:"coldest"`
	Mean    float64 `json:"mean"`
	Warmest float64 `json:"warmest"`
}

const (
	width  = 30.0
	height = 220.0
	low    = -20.0
	high   = 35.0
)

// y is the place of a temperature, counted from the top.
func y(celsius float64) float64 { return height * (high - celsius) / (high - low) }

// Draw gives one bar a month from its coldest to its warmest hour, with a mark at the mean.
func Draw(months []Month) string {
	var svg strings.Builder
	fmt.Fprintf(&svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" role=\"img\">\n",
		width*float64(len(months)), height)
	for index, month := range months {
		x := width * float64(index)
		fmt.Fprintf(&svg, "  <rect x=\"%g\" y=\"%.1f\" width=\"%g\" height=\"%.1f\" fill=\"#9ab\"><title>%s</title></rect>\n",
			x+5, y(month.Warmest), width-10, y(month.Coldest)-y(month.Warmest), month.Month)
		fmt.Fprintf(&svg, "  <line x1=\"%g\" x2=\"%g\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#234\"/>\n",
			x+5, x+width-5, y(month.Mean), y(month.Mean))
	}
	svg.WriteString("</svg>\n")
	return svg.String()
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: chart SUMMARY.json")
		os.Exit(2)
	}
	text, err := os.ReadFile(os.Args[1])
	var months []Month
	if err == nil {
		err = json.Unmarshal(text, &months)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "chart:", err)
		os.Exit(1)
	}
	fmt.Print(Draw(months))
}
