package io.aisle.serving.bench;

import java.util.SplittableRandom;

/** Bodies of one product each, all distinct, of the letters that the test network knows: 16 to about 120 word pieces. */
final class Texts {
    private Texts() {}

    static String body(long number) {
        SplittableRandom random = new SplittableRandom(number);
        // as catalogs are: many short, a few long
        int letters = 14 + (int) (100 * Math.pow(random.nextDouble(), 2));
        return "{\"products\":[{\"id\":\"" + number + "\",\"title\":\"" + words(random, Math.min(letters, 40))
                + "\",\"description\":\"" + words(random, Math.max(0, letters - 40)) + "\"}]}";
    }

    private static String words(SplittableRandom random, int letters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < letters; i++) {
            if (i > 0 && i % 6 == 0) {
                text.append(' ');
            }
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
