/** The mails that are read out, newest first. */
export const inbox: readonly { readonly from: string; readonly text: string }[] = [
  { from: 'Anna', text: 'mötet på torsdag är flyttat till det stora rummet.' },
  { from: 'Erik', text: 'jag är ledig på fredag, men kan svara i telefon före lunch.' },
  { from: 'Anders', text: 'rapporten är klar. Läs gärna igenom den innan vi ses.' },
  { from: 'Skolan', text: 'friluftsdagen är på onsdag. Ta med varma kläder och matsäck.' },
];
