package io.aisle.core.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.product.Taxonomy.Category;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TaxonomyTest {
    private static Category category(String path, String... ids) {
        return new Category(Arrays.asList(ids), CategoryPath.parse(path));
    }

    private static final Taxonomy SHOP = Taxonomy.ofPaths(List.of(
            category("Home > Lamps", "h", "hl"),
            category("Garden > Lamps", "g", "gl"),
            category("Garden > Lamps > Solar", "g", "gl", "gls"),
            category("Garden > Decor > Lamps", "g", "gd", "gdl"),
            category("Toys", new String[] {null})));

    private static List<String> found(Taxonomy taxonomy, String... names) {
        return taxonomy.find(List.of(names)).stream()
                .map(CategoryPath::toString)
                .toList();
    }

    @Test
    void findsIdsNamesAndTheCategoriesAbove() {
        assertThat(found(SHOP, "hl")).containsExactly("Home > Lamps");
        assertThat(found(SHOP, " gls ")).containsExactly("Garden > Lamps > Solar");
        assertThat(found(SHOP, "Solar")).containsExactly("Garden > Lamps > Solar");
        assertThat(found(SHOP, "gd")).as("only above others").containsExactly("Garden > Decor");
        assertThat(found(SHOP, "Home")).containsExactly("Home");
        assertThat(found(SHOP, "Toys")).containsExactly("Toys");
        assertThat(found(SHOP, "Solar \u00a0 ")).as("white space").containsExactly("Garden > Lamps > Solar");
        assertThat(found(SHOP, "solar")).as("case counts").isEmpty();
    }

    @Test
    void theLastNameIsTheCategoryAndTheOthersTellItApart() {
        assertThat(found(SHOP, "Lamps"))
                .containsExactlyInAnyOrder("Home > Lamps", "Garden > Lamps", "Garden > Decor > Lamps");
        assertThat(found(SHOP, "Home", "Lamps")).containsExactly("Home > Lamps");
        assertThat(found(SHOP, "Decor", "Lamps")).containsExactly("Garden > Decor > Lamps");
        assertThat(found(SHOP, "Garden", "Lamps"))
                .as("the whole path goes before one that only holds the names")
                .containsExactly("Garden > Lamps");
        assertThat(found(SHOP, "Kitchen", "Lamps")).as("no help").hasSize(3);
    }

    @Test
    void idsThatShareAPathAreOneCategory() {
        Taxonomy taxonomy = Taxonomy.ofPaths(List.of(category("A > B", "1", "2"), category("A > B", "1", "3")));

        assertThat(found(taxonomy, "2")).isEqualTo(found(taxonomy, "3")).containsExactly("A > B");
        assertThat(found(taxonomy, "B")).containsExactly("A > B");
        assertThat(taxonomy.paths()).extracting(CategoryPath::toString).containsExactly("A", "A > B");
    }

    @Test
    void refusesOneIdWithTwoPaths() {
        assertThatThrownBy(() -> Taxonomy.ofPaths(List.of(category("A", "1"), category("B", "1"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found the id 1 twice, as A and as B, expected one path an id");
    }

    @Test
    void parentsGivePathsAndAChildOfTwoHasTwo() {
        Taxonomy taxonomy = Taxonomy.ofParents(Map.of(
                "Home", Set.of(""), "Garden", Set.of(""), "Lamps", Set.of("Home", "Garden"), "Solar", Set.of("Lamps")));

        assertThat(taxonomy.paths())
                .extracting(CategoryPath::toString)
                .containsExactly(
                        "Garden",
                        "Garden > Lamps",
                        "Garden > Lamps > Solar",
                        "Home",
                        "Home > Lamps",
                        "Home > Lamps > Solar");
        assertThat(found(taxonomy, "Home", "Solar")).containsExactly("Home > Lamps > Solar");
    }

    @Test
    void refusesUnknownParentsAndCycles() {
        assertThatThrownBy(() -> Taxonomy.ofParents(Map.of("Lamps", Set.of("Home"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found the parent Home of Lamps, which is no child itself, expected a row for it."
                        + " A root has an empty parent");
        assertThatThrownBy(() -> Taxonomy.ofParents(Map.of("A", Set.of("B"), "B", Set.of("A"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found A below itself, expected a path from a root to it");
        assertThatThrownBy(() -> Taxonomy.ofParents(Map.of("A", Set.of("", "B"), "B", Set.of("A"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found A below itself, in A > B > A, expected a tree");
    }
}
