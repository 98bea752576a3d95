import { greet } from "greeting";

console.log(greet(process.env.GREET));
