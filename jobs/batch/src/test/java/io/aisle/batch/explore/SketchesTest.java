package io.aisle.batch.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is counted in parts is what is counted at once. */
class SketchesTest {
    private static FrequentItems travelled(FrequentItems items) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(items);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (FrequentItems) in.readObject();
        }
    }

    @Test
    void frequentItemsAreExactWhileTheyAreFewAndTravel() throws IOException, ClassNotFoundException {
        FrequentItems all = new FrequentItems();
        for (int part = 0; part < 4; part++) {
            FrequentItems items = new FrequentItems();
            for (int i = 0; i < 1_000; i++) {
                items.add("item" + i % (10 + part));
            }
            all.merge(travelled(items));
        }

        assertThat(all.total()).isEqualTo(4_000);
        assertThat(all.maxError()).isZero();
        assertThat(all.distinct()).isEqualTo(13);
        assertThat(all.top(1)).containsExactly(new FrequentItems.Item("item0", 100 + 91 + 84 + 77));
    }

    @Test
    void ofManyItemsTheFrequentOnesAreKept() {
        FrequentItems items = new FrequentItems();
        Random random = new Random(3);
        for (int i = 0; i < 300_000; i++) {
            items.add(i % 10 == 0 ? "often" : Long.toString(random.nextLong(), 36));
        }

        assertThat(items.top(1)).singleElement().satisfies(item -> {
            assertThat(item.text()).isEqualTo("often");
            assertThat(item.count()).isBetween(30_000L, 30_000 + items.maxError());
        });
        assertThat((double) items.distinct()).isCloseTo(270_001, within(270_001 * 0.03));
    }

    @Test
    void wholeCountsGiveNearestRanks() {
        WholeCounts counts = new WholeCounts();
        for (int number : new int[] {1, 2, 2, 3, 10}) {
            counts.add(number);
        }

        assertThat(counts.quantile(0.5)).isEqualTo(2);
        assertThat(counts.quantile(0.95)).isEqualTo(10);
        assertThat(counts.above(2)).isEqualTo(2);
        assertThat(counts.sum()).isEqualTo(18);
        assertThat(counts.between(new int[] {0, 2, 4})).containsExactly(1, 3);
        assertThat(new WholeCounts().quantile(0.5)).isZero();
    }

    @Test
    void tellingWordsAreThoseOfTheClassAndNotTheFrequentOnes() {
        ClassWords words = new ClassWords(2, 3);
        for (int i = 0; i < 100; i++) {
            // 0 stands everywhere, 1 in the first class, 2 in the second
            words.add(0, List.of(0, 1));
            words.add(1, List.of(0, 2));
        }

        assertThat(words.telling(0, 5)).extracting(ClassWords.Telling::word).containsExactly(1);
        assertThat(words.telling(1, 5)).extracting(ClassWords.Telling::word).containsExactly(2);
    }
}
