/* oxlint-disable import/no-default-export -- the generator asks for it */
import Theme from "vitepress/theme-without-fonts";
import "./theme.css";

export default Theme;
