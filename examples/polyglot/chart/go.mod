module example.com/polyglot/chart

go 1.20
