export default function plugin() {}
