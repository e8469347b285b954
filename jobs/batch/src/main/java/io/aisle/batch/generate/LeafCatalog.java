package io.aisle.batch.generate;

import io.aisle.core.product.CategoryPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The leaf classes of a synthetic catalog with their shares: the hand-written ones first, then as many variants of them ("kids",
 * "bamboo", "kids bamboo") as it takes.
 */
final class LeafCatalog {
    private static final int BRANDS_OF_A_ROOT = 14;
    private static final int BRAND_STEP = 4;

    private record Sheet(
            CategoryPath path,
            Map<String, List<String>> lists,
            List<String> adjectives,
            List<String> shared,
            List<String> brands) {
        List<String> list(String key) {
            return lists.get(key);
        }
    }

    private final List<Leaf> leaves;
    private final double[] cumulativeShares;

    private LeafCatalog(List<Leaf> leaves) {
        this.leaves = List.copyOf(leaves);
        this.cumulativeShares = new double[leaves.size()];
        double sum = 0;
        for (int i = 0; i < cumulativeShares.length; i++) {
            sum += leaves.get(i).share();
            cumulativeShares[i] = sum;
        }
    }

    static LeafCatalog of(int classes, ClassSizes sizes, Words words) {
        List<Sheet> sheets = sheets(words.brands());
        List<String> variants = variants(words.variants(), classes / sheets.size());
        double[] shares = sizes.shares(classes);
        List<Leaf> leaves = new ArrayList<>(classes);
        for (int i = 0; i < classes; i++) {
            leaves.add(leaf(i, sheets, variants.get(i / sheets.size()), shares));
        }
        return new LeafCatalog(leaves);
    }

    List<Leaf> leaves() {
        return leaves;
    }

    /**
     * The leaf at a place in the sequence of all shares.
     *
     * @param place from 0, below 1
     */
    Leaf at(double place) {
        int found = Arrays.binarySearch(cumulativeShares, place);
        int index = found >= 0 ? found + 1 : -found - 1;
        // rounding may leave the last sum just below 1
        return leaves.get(Math.min(index, leaves.size() - 1));
    }

    /** Another leaf than the given one, each as likely as its share, so that wrong labels do not fill up the rare classes. */
    Leaf drawOther(Leaf leaf, Draws draws) {
        Leaf other = at(draws.unit());
        while (other.path().equals(leaf.path())) {
            other = at(draws.unit());
        }
        return other;
    }

    private static Leaf leaf(int index, List<Sheet> sheets, String variant, double[] shares) {
        Sheet sheet = sheets.get(index % sheets.size());
        int partner = index ^ 1;
        boolean hasPartner = partner < shares.length;
        return new Leaf(
                variantOf(sheet.path(), variant),
                shares[index],
                variant,
                withVariant(variant, sheet.list("names")),
                sheet.list("nouns"),
                sheet.list("traits"),
                sheet.list("uses"),
                sheet.adjectives(),
                sheet.shared(),
                sheet.brands(),
                hasPartner ? sheets.get(partner % sheets.size()).list("nouns") : List.of(),
                hasPartner ? (shares[index] + shares[partner]) / 2 / shares[index] : 0);
    }

    private static List<String> withVariant(String variant, List<String> names) {
        return variant.isEmpty()
                ? names
                : names.stream().map(name -> variant + " " + name).toList();
    }

    private static CategoryPath variantOf(CategoryPath path, String variant) {
        if (variant.isEmpty()) {
            return path;
        }
        List<String> names = new ArrayList<>(path.names());
        names.set(names.size() - 1, ProductWriter.titleCase(variant) + " " + path.leaf());
        return new CategoryPath(names);
    }

    /** No variant first, then single words, then two words, {@code last} of them beyond the first. */
    private static List<String> variants(List<String> words, int last) {
        List<String> variants = new ArrayList<>();
        variants.add("");
        variants.addAll(words);
        for (int distance = 1; variants.size() <= last; distance++) {
            for (int i = 0; i + distance < words.size(); i++) {
                variants.add(words.get(i) + " " + words.get(i + distance));
            }
        }
        return variants;
    }

    private static List<Sheet> sheets(List<String> brands) {
        List<Sheet> sheets = new ArrayList<>();
        Map<String, List<String>> brandsOfRoot = new LinkedHashMap<>();
        List<String> adjectives = List.of();
        List<String> shared = List.of();
        for (WordFile.Entry entry : WordFile.read("taxonomy.txt")) {
            switch (entry.key().toLowerCase(Locale.ROOT)) {
                case "adjectives" -> adjectives = entry.values();
                case "shared" -> shared = entry.values();
                case "leaf" -> {
                    CategoryPath path = CategoryPath.parse(entry.values().get(0));
                    List<String> sellers = brandsOfRoot.computeIfAbsent(
                            path.names().get(0), root -> brandsFrom(brands, brandsOfRoot.size() * BRAND_STEP));
                    sheets.add(new Sheet(path, new LinkedHashMap<>(), adjectives, shared, sellers));
                }
                default -> sheets.get(sheets.size() - 1).lists().put(entry.key(), entry.values());
            }
        }
        return sheets;
    }

    /** Departments overlap: a brand sells in three or four of them. */
    private static List<String> brandsFrom(List<String> brands, int first) {
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < BRANDS_OF_A_ROOT; i++) {
            chosen.add(brands.get((first + i) % brands.size()));
        }
        return List.copyOf(chosen);
    }
}
