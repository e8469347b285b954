package io.aisle.core.model;

import io.aisle.core.product.Product;
import java.util.List;

/**
 * Twenty made-up products whose logits a bundle records when it is written and repeats whenever it is opened: they tell that
 * text, vocabulary, network and library still do together what they did then.
 *
 * <p>Their fields are already as a recipe cleans them. Among them are several scripts, a single word, a text longer than any network
 * reads, and one product that says nothing.
 */
final class ProbeProducts {
    private static final String LONG_DESCRIPTION = "Fits shelves, walls and corners alike; two people need an hour. "
            .repeat(60)
            .strip();

    private ProbeProducts() {}

    static List<Product> all() {
        return List.of(
                product(1, "Cordless drill 18 V with 2 batteries", "Torvex", "Two-speed gearbox, 45 Nm.", "LED light"),
                product(2, "Lamp", "", "", ""),
                product(3, "", "", "", ""),
                product(4, "", "", "Only a description: warm socks made of merino wool.", ""),
                product(5, "Wi-Fi 6 router, 4 ports (AX3000)", "Netlume", "", "WPA3; 160 MHz; up to 3,000 Mbps"),
                product(6, "Crème brûlée torch", "Maison Élodie", "Flamme réglable, sans gaz.", "sûreté enfant"),
                product(7, "Kaffeemühle für Espresso", "Grünwald", "Mahlwerk aus Stahl, außen matt.", "40 Stufen"),
                product(8, "緑茶 100g 静岡産", "みどり園", "香り高い煎茶です。", "ティーバッグ 20個"),
                product(9, "Набор отвёрток, 24 шт.", "Сталь и Ко", "Магнитные наконечники.", "чехол"),
                product(10, "سماعات لاسلكية", "صدى", "بطارية تدوم ٣٠ ساعة.", "مقاومة للماء"),
                product(11, "Ελαιόλαδο 750 ml", "Λιόφως", "Ψυχρής έκθλιψης.", ""),
                product(12, "Party balloons 🎈 pack of 50 🎉", "Funfetti", "Bio-degradable latex!", "12 colours"),
                product(13, "Bookcase, 5 shelves, oak", "Nordhylla", LONG_DESCRIPTION, "180 x 80 x 30 cm"),
                product(14, "USB-C to HDMI adapter 4K@60Hz", "Portly", "", "plug & play; $19.99 value"),
                product(15, "DOG FOOD GRAIN-FREE SALMON 12KG", "PAWSOME", "COMPLETE FOOD FOR ADULT DOGS", ""),
                product(16, "kids' rain boots, size 28/29", "puddle+co", "don't mind the mud", "100% rubber"),
                product(17, "Pneumonoultramicroscopicsilicovolcanoconiosis", "Medica", "Poster, A2", ""),
                product(18, "Guitar strings .010-.046", "Sixline", "Nickel wound, set of 6 #10-46", "E A D G B e"),
                product(19, "Yoga mat", "Yoga mat", "Yoga mat", "Yoga mat"),
                product(
                        20,
                        "Travel mug 0.5 l / 17 oz",
                        "Thermio",
                        "Keeps tea hot for 8 h at 20 °C.",
                        "leak-proof lid"));
    }

    private static Product product(int number, String title, String brand, String description, String feature) {
        return new Product("probe-" + number, title, brand, description, feature);
    }
}
