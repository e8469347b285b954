/** Products to try, of a shop that does not exist. */
export const EXAMPLES = [
  {
    name: "Leash",
    title: "Fennhollow braided dog leash with padded handle, 6 ft",
    brand: "Fennhollow",
    description: "A sturdy leash for evening walks. The reflective stitching is seen from afar, and the swivel clip keeps it from twisting.",
    feature: "Reflective stitching\nPadded handle for dogs that pull\nFits any collar",
  },
  {
    name: "Coffee filter",
    title: "Reusable cone coffee filter, fine mesh",
    brand: "Brindlecup",
    description: "Clear coffee without paper: the steel mesh keeps the grounds out of the cup. Rinse it and brew again.",
    feature: "Fits most drippers\nDishwasher safe",
  },
  {
    name: "Office chair",
    title: "Tallmere mesh task chair, graphite",
    brand: "Tallmere",
    description: "Sits well for a long day: lumbar support, adjustable armrests and a waterfall edge.",
    feature: "Swivel base with castors\nRocking mode with lock",
  },
  {
    name: "Hard to tell",
    title: "Travel case, black, with strap",
    brand: "",
    description: "Goes wherever you go. A gift for anybody.",
    feature: "",
  },
];
