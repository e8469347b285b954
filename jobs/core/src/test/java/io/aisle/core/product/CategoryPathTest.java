package io.aisle.core.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CategoryPathTest {
    /** What could go wrong between a name and its rendering, and some plain letters. */
    private static final String[] PIECES = {
        ">",
        "\\",
        " ",
        " > ",
        "\\>",
        "\\\\",
        "/",
        "\t",
        "\n",
        "\r\n",
        "\u00A0",
        "\u0085",
        "\u2028",
        "\u3000",
        "\uFFFD",
        "\uD83D\uDEB2",
        "\uD800",
        "é",
        "e\u0301",
        "other",
        "a",
        "B",
        "\"",
        ",",
        ";",
        "=",
        "&amp;"
    };

    @Test
    void isCutToTheCategoryOfADepth() {
        CategoryPath path = CategoryPath.of("Home", "Kitchen > Dining", "Cups");

        assertThat(path.cut(1)).isEqualTo(CategoryPath.of("Home"));
        assertThat(path.cut(2)).isEqualTo(CategoryPath.of("Home", "Kitchen > Dining"));
        assertThat(path.cut(3)).isSameAs(path);
        assertThat(path.cut(4)).isSameAs(path);
        assertThatThrownBy(() -> path.cut(0)).hasMessageContaining("found no name");
    }

    @Test
    void parsesWhatItRendered() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 20_000; i++) {
            List<String> names = new ArrayList<>();
            for (int depth = 1 + random.nextInt(4); depth > 0; depth--) {
                names.add(name(random));
            }
            CategoryPath path = new CategoryPath(names);

            assertThat(CategoryPath.parse(path.toString())).as("%s", names).isEqualTo(path);
            assertThat(path.names()).hasSameSizeAs(names);
            assertThat(path.toString().chars().filter(Character::isWhitespace).allMatch(c -> c == ' '))
                    .as("one line: %s", path)
                    .isTrue();
        }
    }

    private static String name(SplittableRandom random) {
        StringBuilder name = new StringBuilder();
        do {
            name.append(PIECES[random.nextInt(PIECES.length)]);
        } while (random.nextInt(3) > 0 || CategoryPath.isBlank(name.toString()));
        return name.toString();
    }

    @Test
    void differentPathsAreRenderedDifferently() {
        List<CategoryPath> paths = List.of(
                CategoryPath.of("a", "b"),
                CategoryPath.of("a > b"),
                CategoryPath.of("a \\", "b"),
                CategoryPath.of("a \\> b"),
                CategoryPath.of("a", "\\ b"));

        assertThat(paths.stream().map(CategoryPath::toString)).doesNotHaveDuplicates();
        assertThat(CategoryPath.of("Home", "Lamps > Bulbs", "a\\b")).hasToString("Home > Lamps \\> Bulbs > a\\\\b");
    }

    @Test
    void foldsWhiteSpaceOfAnyKind() {
        assertThat(CategoryPath.of("\u00A0Toys \t&\u2028Games\u3000").names()).containsExactly("Toys & Games");
    }

    @Test
    void refusesNamesThatAreBlankAndPathsThatAreEmpty() {
        for (String blank : Arrays.asList("", " ", "\u00A0", "\u0085", "\u2028\t")) {
            assertThat(CategoryPath.isBlank(blank)).isTrue();
            assertThatThrownBy(() -> CategoryPath.of("a", blank))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Cannot name a category: found an empty name in [a, ");
        }
        assertThatThrownBy(() -> new CategoryPath(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot name a category: found no name, expected at least one");
        for (String broken : List.of("", "a > ", "> a", "a > > b")) {
            assertThatThrownBy(() -> CategoryPath.parse(broken))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Cannot name a category: found an empty name in ");
        }
    }

    @Test
    void foldsBesideItselfThenOneLevelUp() {
        assertThat(CategoryPath.of("a", "b", "c").folded()).isEqualTo(CategoryPath.of("a", "b", "other"));
        assertThat(CategoryPath.of("a", "b", "other").folded()).isEqualTo(CategoryPath.of("a", "other"));
        assertThat(CategoryPath.of("a", "other").folded()).isEqualTo(CategoryPath.of("other"));
        assertThat(CategoryPath.of("a").folded()).isEqualTo(CategoryPath.of("other"));
        assertThat(CategoryPath.of("other").folded()).isEqualTo(CategoryPath.of("other"));
    }

    @Test
    void knowsLeafAndDepth() {
        CategoryPath path = CategoryPath.parse("a > b > c");

        assertThat(path.leaf()).isEqualTo("c");
        assertThat(path.depth()).isEqualTo(3);
    }

    @Test
    void holdsItselfAndWhatIsInIt() {
        CategoryPath shoes = CategoryPath.of("Shoes");

        assertThat(shoes.holds(shoes)).isTrue();
        assertThat(shoes.holds(CategoryPath.of("Shoes", "Running"))).isTrue();
        assertThat(CategoryPath.of("Shoes", "Running").holds(shoes)).isFalse();
        assertThat(shoes.holds(CategoryPath.of("Sport", "Shoes"))).isFalse();
    }
}
